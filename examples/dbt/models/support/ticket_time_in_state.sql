with changes as (
    select
        part.ticket_id,
        part.previous_ticket_state,
        part.ticket_state,
        part.created_at,
        row_number() over (partition by part.ticket_id order by part.created_at, {{ by_number('part.id') }}) as place
    from {{ ref('stg_intercom__ticket_parts') }} as part
    join {{ live('tickets') }} as ticket on ticket.id = part.ticket_id
    where part.ticket_state is not null and part.ticket_state is distinct from part.previous_ticket_state
),

{# What a ticket began with is what its first change ended, or what it still is in if nothing has changed. #}
states as (
    select
        ticket.id as ticket_id,
        0 as place,
        case when change.ticket_id is null then ticket.ticket_state_category else change.previous_ticket_state end as state,
        ticket.created_at as started_at
    from {{ live('tickets') }} as ticket
    left join changes as change on change.ticket_id = ticket.id and change.place = 1
    union all
    select ticket_id, place, ticket_state, created_at
    from changes
),

spans as (
    select
        ticket_id,
        row_number() over (partition by ticket_id order by place) as position,
        state,
        started_at,
        lead(started_at) over (partition by ticket_id order by place) as ended_at
    from states
    where state is not null
)

select
    ticket_id,
    position,
    state,
    started_at,
    ended_at,
    ended_at is null as is_current,
    {{ seconds_between('started_at', 'coalesce(ended_at, ' ~ as_of() ~ ')') }} as seconds
from spans
