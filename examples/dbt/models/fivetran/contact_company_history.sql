select link.contact_id, link.id as company_id, link.contact_updated_at, {{ fivetran_columns() }}
from {{ live_links('contact_companies', 'contacts') }} as link
