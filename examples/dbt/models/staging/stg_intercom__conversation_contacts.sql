select
    {{ columns('conversation_contacts',
        conversation_id='text', id='text', conversation_updated_at='moment', _airbyte_extracted_at='moment'
    ) }}
from {{ stream('conversation_contacts') }}
