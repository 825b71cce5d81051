select
    link.conversation_id,
    link.id as tag_id,
    coalesce(tag.name, link.name) as tag_name,
    link.applied_at,
    link.applied_by_type,
    link.applied_by_id
from {{ live_links('conversation_tags', 'conversations') }} as link
join {{ live('conversations') }} as conversation on conversation.id = link.conversation_id
left join {{ ref('stg_intercom__tags') }} as tag on tag.id = link.id
