select
    {{ columns('conversation_handling_events',
        conversation_id='text', type='text'
    ) }}
from {{ stream('conversation_handling_events') }}
