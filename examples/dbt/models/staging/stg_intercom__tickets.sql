select
    {{ columns('tickets',
        id='text', ticket_id='text', category='text', open='boolean', is_shared='boolean', admin_assignee_id='text',
        team_assignee_id='text', created_at='moment', updated_at='moment', snoozed_until='moment'
    ) }},
    {{ json_text(field('tickets', 'ticket_attributes', 'json'), '_default_title_') }} as title,
    {{ members(field('tickets', 'ticket_type', 'json'), 'ticket_type_',
        id='text', name='text'
    ) }},
    {{ members(field('tickets', 'ticket_state', 'json'), 'ticket_state_',
        id='text', category='text', internal_label='text'
    ) }}
from {{ stream('tickets') }}
