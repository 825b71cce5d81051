select
    {{ columns('contact_tags',
        contact_id='text', id='text', contact_updated_at='moment', _airbyte_extracted_at='moment'
    ) }}
from {{ stream('contact_tags') }}
