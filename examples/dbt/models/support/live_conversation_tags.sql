select
    link.conversation_id,
    link.id as tag_id,
    coalesce(tag.name, link.name) as tag_name,
    link.applied_at,
    link.applied_by_type,
    link.applied_by_id
from {{ ref('stg_intercom__conversation_tags') }} as link
join {{ ref('live_conversations') }} as conversation
    on conversation.id = link.conversation_id and conversation.updated_at = link.conversation_updated_at
left join {{ ref('stg_intercom__tags') }} as tag on tag.id = link.id
