select
    {{ columns('message_events',
        subject_id='text', event='text', at='moment', index='bigint', receipt_id='text'
    ) }}
from {{ stream('message_events') }}
