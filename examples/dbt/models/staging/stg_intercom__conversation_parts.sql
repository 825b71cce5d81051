select
    {{ columns('conversation_parts',
        id='text', conversation_id='text', conversation_updated_at='moment', type='text', part_type='text',
        body='text', created_at='moment', updated_at='moment', notified_at='moment', external_id='text',
        redacted='boolean', state='text', app_package_code='text', _airbyte_extracted_at='moment'
    ) }},
    {{ members(field('conversation_parts', 'author', 'json'), 'author_',
        id='text', type='text', name='text', email='text', from_ai_agent='boolean', is_ai_answer='boolean'
    ) }},
    {{ members(field('conversation_parts', 'assigned_to', 'json'), 'assigned_to_',
        id='text', type='text'
    ) }}
from {{ stream('conversation_parts') }}
