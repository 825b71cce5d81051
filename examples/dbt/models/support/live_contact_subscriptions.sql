select
    link.contact_id,
    link.id as subscription_type_id,
    link.consent
from {{ ref('stg_intercom__contact_subscriptions') }} as link
join {{ ref('live_contacts') }} as contact
    on contact.id = link.contact_id and contact.updated_at = link.contact_updated_at
