select
    company.id as company_id,
    company.name as company_name,
    count(contact.id) as contacts,
    count(contact.id) filter (where contact.role = 'user') as users,
    count(contact.id) filter (where contact.role = 'lead') as leads
from {{ ref('stg_intercom__companies') }} as company
left join {{ ref('live_contact_companies') }} as link on link.company_id = company.id
left join {{ live('contacts') }} as contact on contact.id = link.contact_id
group by company.id, company.name
