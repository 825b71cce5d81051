select
    {{ columns('companies',
        id='text', company_id='text', name='text', website='text', industry='text', created_at='moment',
        updated_at='moment', last_request_at='moment', size='bigint', user_count='bigint', session_count='bigint',
        monthly_spend='double precision', _airbyte_extracted_at='moment'
    ) }},
    {{ members(field('companies', 'plan', 'json'), 'plan_',
        id='text', name='text'
    ) }}
from {{ stream('companies') }}
