select
    {{ columns('company_tags',
        company_id='text', id='text', name='text', _airbyte_extracted_at='moment'
    ) }}
from {{ stream('company_tags') }}
