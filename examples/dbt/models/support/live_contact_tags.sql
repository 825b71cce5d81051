select
    link.contact_id,
    link.id as tag_id,
    tag.name as tag_name
from {{ live_links('contact_tags', 'contacts') }} as link
join {{ live('contacts') }} as contact on contact.id = link.contact_id
left join {{ ref('stg_intercom__tags') }} as tag on tag.id = link.id
