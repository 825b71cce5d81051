select
    {{ columns('message_events', subject_id='text', event='text', index='bigint', receipt_id='text') }},
    {{ moment('message_events', 'at') }} as happened_at
from {{ stream('message_events') }}
