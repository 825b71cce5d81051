select
    {{ columns('ticket_parts',
        id='text', ticket_id='text', previous_ticket_state='text', ticket_state='text', created_at='moment'
    ) }}
from {{ stream('ticket_parts') }}
