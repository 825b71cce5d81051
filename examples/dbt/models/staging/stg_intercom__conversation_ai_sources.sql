select
    {{ columns('conversation_ai_sources',
        conversation_id='text', index='bigint', content_type='text', title='text', url='text', locale='text',
        conversation_updated_at='moment'
    ) }}
from {{ stream('conversation_ai_sources') }}
