select
    {{ columns('conversation_tags',
        conversation_id='text', id='text', conversation_updated_at='moment', name='text', applied_at='moment',
        _airbyte_extracted_at='moment'
    ) }},
    {{ members(field('conversation_tags', 'applied_by', 'json'), 'applied_by_',
        id='text', type='text'
    ) }}
from {{ stream('conversation_tags') }}
