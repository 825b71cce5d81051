select
    {{ columns('collections',
        id='text', workspace_id='text', name='text', description='text', url='text', icon='text', order='bigint',
        parent_id='text', help_center_id='text', default_locale='text', created_at='moment', updated_at='moment',
        _airbyte_extracted_at='moment'
    ) }}
from {{ stream('collections') }}
