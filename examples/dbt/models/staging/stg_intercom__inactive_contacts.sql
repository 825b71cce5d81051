{# Of the stream that lists them, of the one of merges and, with the option apply_deletes, of the rows that say so
   themselves, where the destination has kept those. #}
select {{ field('inactive_contacts', 'id', 'text') }} as id
from {{ stream('inactive_contacts') }}
union
select {{ field('contact_merges', 'source_contact_id', 'text') }} as id
from {{ stream('contact_merges') }}
union
select id
from {{ ref('stg_intercom__contacts') }}
where _ab_cdc_deleted_at is not null
