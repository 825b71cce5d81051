select
    link.contact_id,
    link.id as company_id,
    company.name as company_name
from {{ live_links('contact_companies', 'contacts') }} as link
join {{ live('contacts') }} as contact on contact.id = link.contact_id
left join {{ ref('stg_intercom__companies') }} as company on company.id = link.id
