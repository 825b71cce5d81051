select
    {{ columns('help_centers',
        id='text', workspace_id='text', identifier='text', display_name='text', website_turned_on='boolean',
        url='text', created_at='moment', updated_at='moment', _airbyte_extracted_at='moment'
    ) }}
from {{ stream('help_centers') }}
