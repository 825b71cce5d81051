select
    {{ columns('team_admins',
        team_id='text', admin_id='text', priority_level='text', _airbyte_extracted_at='moment'
    ) }}
from {{ stream('team_admins') }}
