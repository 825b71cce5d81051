select
    {{ columns('ticket_types',
        id='text', name='text'
    ) }}
from {{ stream('ticket_types') }}
