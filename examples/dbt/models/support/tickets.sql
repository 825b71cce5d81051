with resolutions as (
    select
        ticket_id,
        max(case when is_current then started_at end) as resolved_at,
        count(*) filter (where not is_current) as reopens
    from {{ ref('ticket_time_in_state') }}
    where state = 'resolved'
    group by ticket_id
)

select
    ticket.id as ticket_id,
    ticket.ticket_id as number,
    ticket.title,
    ticket.category,
    coalesce(type.name, ticket.ticket_type_name) as type,
    ticket.ticket_state_category as state,
    coalesce(state.internal_label, ticket.ticket_state_internal_label) as state_label,
    ticket.open as is_open,
    ticket.is_shared,
    nullif(ticket.team_assignee_id, '0') as team_id,
    team.name as team_name,
    nullif(ticket.admin_assignee_id, '0') as admin_id,
    admin.name as admin_name,
    ticket.created_at,
    ticket.updated_at,
    ticket.snoozed_until,
    resolution.resolved_at,
    {{ seconds_between('ticket.created_at', 'resolution.resolved_at') }} as resolution_seconds,
    coalesce(resolution.reopens, 0) as reopens,
    case when ticket.open then {{ seconds_between('ticket.created_at', as_of()) }} end as backlog_age_seconds
from {{ live('tickets') }} as ticket
left join resolutions as resolution on resolution.ticket_id = ticket.id
left join {{ ref('stg_intercom__ticket_types') }} as type on type.id = ticket.ticket_type_id
left join {{ ref('stg_intercom__ticket_states') }} as state on state.id = ticket.ticket_state_id
left join {{ ref('stg_intercom__teams') }} as team on team.id = ticket.team_assignee_id
left join {{ ref('stg_intercom__admins') }} as admin on admin.id = ticket.admin_assignee_id
