select
    link.contact_id,
    link.id as tag_id,
    tag.name as tag_name
from {{ ref('stg_intercom__contact_tags') }} as link
join {{ ref('live_contacts') }} as contact
    on contact.id = link.contact_id and contact.updated_at = link.contact_updated_at
left join {{ ref('stg_intercom__tags') }} as tag on tag.id = link.id
