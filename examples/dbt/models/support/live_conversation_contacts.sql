select
    link.conversation_id,
    link.id as contact_id
from {{ ref('stg_intercom__conversation_contacts') }} as link
join {{ ref('live_conversations') }} as conversation
    on conversation.id = link.conversation_id and conversation.updated_at = link.conversation_updated_at
