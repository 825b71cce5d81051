select
    {{ columns('articles',
        id='text', type='text', workspace_id='text', title='text', description='text', body='text', author_id='text',
        state='text', url='text', parent_ids='json', default_locale='text', created_at='moment', updated_at='moment',
        _airbyte_extracted_at='moment'
    ) }}
from {{ stream('articles') }}
