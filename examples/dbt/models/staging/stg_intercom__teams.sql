select
    {{ columns('teams',
        id='text', name='text', _airbyte_extracted_at='moment'
    ) }}
from {{ stream('teams') }}
