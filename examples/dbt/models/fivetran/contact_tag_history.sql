select link.contact_id, link.id as tag_id, link.contact_updated_at, {{ fivetran_columns() }}
from {{ live_links('contact_tags', 'contacts') }} as link
