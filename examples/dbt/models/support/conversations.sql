with tags as (
    {% set order = 'order by applied_at, ' ~ by_number('tag_id') %}
    select
        conversation_id,
        (array_agg(tag_id {{ order }}))[1] as first_tag_id,
        (array_agg(tag_name {{ order }}))[1] as first_tag_name,
        string_agg(tag_name, ', ' {{ order }}) as tags
    from {{ ref('live_conversation_tags') }}
    group by conversation_id
),

contacts as (
    select
        conversation_id,
        min(contact_id) as least_id,
        count(*) as contacts
    from {{ ref('live_conversation_contacts') }}
    group by conversation_id
),

only_companies as (
    select contact_id, min(company_id) as company_id
    from {{ ref('live_contact_companies') }}
    group by contact_id
    having count(*) = 1
),

pauses as (
    select conversation_id, count(*) as pauses
    from {{ ref('stg_intercom__conversation_handling_events') }}
    where type = 'paused'
    group by conversation_id
),

{# Messages that the contact sees: notes are for teammates, and what has no text is no message. #}
replies as (
    select
        conversation_id,
        count(*) filter (where author_type in ('user', 'lead', 'contact')) as contact_replies,
        count(*) filter (where author_type = 'admin') as admin_replies,
        count(*) filter (where author_type = 'bot') as bot_replies
    from {{ ref('stg_intercom__conversation_parts') }}
    where body is not null and part_type <> 'note'
    group by conversation_id
),

{# Without the streams, nothing is known of replies and pauses; with them, those that are not there are none. #}
known as (
    select
        (select case when count(*) > 0 then 0 end from {{ ref('stg_intercom__conversation_parts') }}) as no_reply,
        (select case when count(*) > 0 then 0 end from {{ ref('stg_intercom__conversation_handling_events') }}) as no_pause
),

conversations as (
    select
        conversation.*,
        coalesce(
            case when source_author_type in ('user', 'lead', 'contact') then source_author_id end, contacts.least_id
        ) as contact_id,
        coalesce(contacts.contacts, 0) as contacts,
        {# Who is written to first asks nothing before they answer. #}
        case when source_delivered_as = 'customer_initiated' then created_at
            else coalesce(first_contact_reply_at, created_at)
        end as asked_at,
        coalesce(conversation.open, conversation.state <> 'closed') as is_open
    from {{ live('conversations') }} as conversation
    left join contacts on contacts.conversation_id = conversation.id
)

select
    conversation.id as conversation_id,
    conversation.title,
    conversation.created_at,
    conversation.updated_at,
    conversation.state,
    conversation.is_open,
    conversation.priority,
    conversation.waiting_since,
    conversation.snoozed_until,
    case when conversation.is_open then {{ seconds_between('conversation.created_at', as_of()) }} end as backlog_age_seconds,

    conversation.source_type as channel,
    conversation.source_delivered_as as delivered_as,
    nullif(conversation.team_assignee_id, '0') as team_id,
    team.name as team_name,
    nullif(conversation.admin_assignee_id, '0') as admin_id,
    admin.name as admin_name,
    conversation.contact_id,
    conversation.contacts,
    coalesce(conversation.company_id, only_company.company_id) as company_id,
    company.name as company_name,
    tags.first_tag_id,
    tags.first_tag_name,
    tags.tags,

    conversation.first_contact_reply_at,
    conversation.first_assignment_at,
    conversation.first_admin_reply_at,
    conversation.first_close_at,
    conversation.last_contact_reply_at,
    conversation.last_admin_reply_at,
    conversation.last_close_at,
    conversation.time_to_assignment as assignment_seconds,
    {{ seconds_between('conversation.asked_at', 'conversation.first_admin_reply_at') }} as first_response_seconds,
    conversation.time_to_admin_reply as first_response_office_seconds,
    conversation.median_time_to_reply as median_reply_office_seconds,
    {{ seconds_between('conversation.created_at', 'conversation.first_close_at') }} as first_close_seconds,
    conversation.time_to_first_close as first_close_office_seconds,
    case when conversation.state = 'closed' then
        {{ seconds_between('conversation.created_at', 'conversation.last_close_at') }}
    end as resolution_seconds,
    case when conversation.state = 'closed' then conversation.time_to_last_close end as resolution_office_seconds,
    conversation.handling_time as handling_seconds,
    conversation.adjusted_handling_time as active_handling_seconds,
    coalesce(pauses.pauses, known.no_pause) as handling_pauses,

    coalesce(replies.contact_replies, known.no_reply) as contact_replies,
    coalesce(replies.admin_replies, known.no_reply) as admin_replies,
    coalesce(replies.bot_replies, known.no_reply) as bot_replies,
    conversation.count_reopens as reopens,
    conversation.count_assignments as assignments,

    conversation.rating_rating as rating,
    nullif(conversation.rating_remark, '') as rating_remark,
    case when conversation.rating_rating is not null then
        coalesce(conversation.rating_updated_at, conversation.rating_created_at)
    end as rated_at,
    conversation.rating_teammate_id as rated_teammate_id,

    coalesce(conversation.ai_agent_participated, false) as fin_participated,
    conversation.ai_agent_resolution_state as fin_resolution_state,
    coalesce(conversation.ai_agent_resolution_state in ('assumed_resolution', 'confirmed_resolution'), false) as fin_resolved,
    conversation.ai_agent_rating as fin_rating,

    conversation.sla_sla_name as sla_name,
    conversation.sla_sla_status as sla_status
from conversations as conversation
cross join known
left join only_companies as only_company on only_company.contact_id = conversation.contact_id
left join {{ ref('stg_intercom__companies') }} as company
    on company.id = coalesce(conversation.company_id, only_company.company_id)
left join {{ ref('stg_intercom__teams') }} as team on team.id = conversation.team_assignee_id
left join {{ ref('stg_intercom__admins') }} as admin on admin.id = conversation.admin_assignee_id
left join tags on tags.conversation_id = conversation.id
left join pauses on pauses.conversation_id = conversation.id
left join replies on replies.conversation_id = conversation.id
