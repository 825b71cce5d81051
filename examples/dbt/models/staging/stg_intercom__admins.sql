select
    {{ columns('admins',
        id='text', name='text', email='text', job_title='text', _airbyte_extracted_at='moment'
    ) }}
from {{ stream('admins') }}
