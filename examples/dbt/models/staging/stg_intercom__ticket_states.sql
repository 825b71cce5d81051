select
    {{ columns('ticket_states',
        id='text', internal_label='text'
    ) }}
from {{ stream('ticket_states') }}
