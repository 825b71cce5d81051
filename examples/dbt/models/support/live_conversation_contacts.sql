select
    link.conversation_id,
    link.id as contact_id
from {{ live_links('conversation_contacts', 'conversations') }} as link
join {{ live('conversations') }} as conversation on conversation.id = link.conversation_id
