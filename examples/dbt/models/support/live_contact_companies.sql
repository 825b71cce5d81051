select
    link.contact_id,
    link.id as company_id,
    company.name as company_name
from {{ ref('stg_intercom__contact_companies') }} as link
join {{ ref('live_contacts') }} as contact
    on contact.id = link.contact_id and contact.updated_at = link.contact_updated_at
left join {{ ref('stg_intercom__companies') }} as company on company.id = link.id
