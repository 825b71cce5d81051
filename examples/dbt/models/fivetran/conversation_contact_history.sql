select link.conversation_id, link.id as contact_id, link.conversation_updated_at, {{ fivetran_columns() }}
from {{ live_links('conversation_contacts', 'conversations') }} as link
