select
    {{ columns('conversations',
        id='text', type='text', title='text', created_at='moment', updated_at='moment', waiting_since='moment',
        snoozed_until='moment', open='boolean', state='text', read='boolean', priority='text',
        admin_assignee_id='text', team_assignee_id='text', ai_agent_participated='boolean',
        sales_agent_participated='boolean', custom_attributes='json', teammates='json', ticket='json',
        ai_topics='json', external_references='json', monitor_evaluations='json', scorecards='json',
        _ab_cdc_deleted_at='moment', _airbyte_extracted_at='moment'
    ) }},
    {{ members(field('conversations', 'company', 'json'), 'company_',
        id='text'
    ) }},
    {{ members(field('conversations', 'source', 'json'), 'source_',
        id='text', type='text', delivered_as='text', subject='text', body='text', url='text', redacted='boolean',
        recipients='json', reply_to='json', attachments='json', email_message_metadata='json'
    ) }},
    {{ members(field('conversations', 'source', 'json'), 'source_author_', path=['author'],
        id='text', type='text', name='text', email='text'
    ) }},
    {{ members(field('conversations', 'statistics', 'json'), '',
        time_to_assignment='bigint', time_to_admin_reply='bigint', time_to_first_close='bigint',
        time_to_last_close='bigint', median_time_to_reply='bigint', first_contact_reply_at='moment',
        first_assignment_at='moment', first_admin_reply_at='moment', first_close_at='moment',
        last_assignment_at='moment', last_assignment_admin_reply_at='moment', last_contact_reply_at='moment',
        last_admin_reply_at='moment', last_close_at='moment', last_closed_by_id='text', count_reopens='bigint',
        count_assignments='bigint', count_conversation_parts='bigint', assigned_team_first_response_time='json',
        assigned_team_first_response_time_in_office_hours='json', handling_time='bigint',
        adjusted_handling_time='bigint'
    ) }},
    {{ members(field('conversations', 'conversation_rating', 'json'), 'rating_',
        rating='bigint', remark='text', created_at='moment', updated_at='moment'
    ) }},
    {{ members(field('conversations', 'conversation_rating', 'json'), 'rating_contact_', path=['contact'],
        id='text', type='text', external_id='text'
    ) }},
    {{ members(field('conversations', 'conversation_rating', 'json'), 'rating_teammate_', path=['teammate'],
        id='text', type='text'
    ) }},
    {{ members(field('conversations', 'first_contact_reply', 'json'), 'first_contact_reply_',
        type='text', created_at='moment', url='text'
    ) }},
    {{ members(field('conversations', 'sla_applied', 'json'), 'sla_',
        type='text', sla_name='text', sla_status='text'
    ) }},
    {{ members(field('conversations', 'ai_agent', 'json'), 'ai_agent_',
        source_type='text', source_title='text', last_answer_type='text', resolution_state='text', rating='bigint',
        rating_remark='text', created_at='moment', updated_at='moment', content_sources='json'
    ) }},
    {{ members(field('conversations', 'sales_agent', 'json'), 'sales_agent_',
        outcome='text', routing_outcome='text', collected_data='json'
    ) }},
    {{ members(field('conversations', 'channel', 'json'), 'channel_',
        initial='text', current='text'
    ) }}
from {{ stream('conversations') }}
