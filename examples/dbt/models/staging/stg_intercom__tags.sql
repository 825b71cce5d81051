select
    {{ columns('tags',
        id='text', name='text', _airbyte_extracted_at='moment'
    ) }}
from {{ stream('tags') }}
