select
    link.contact_id,
    link.id as subscription_type_id,
    link.consent
from {{ live_links('contact_subscriptions', 'contacts') }} as link
join {{ live('contacts') }} as contact on contact.id = link.contact_id
