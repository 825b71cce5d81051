select link.conversation_id, link.id as tag_id, link.conversation_updated_at, {{ fivetran_columns() }}
from {{ live_links('conversation_tags', 'conversations') }} as link
