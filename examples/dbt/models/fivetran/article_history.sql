with articles as (
    select
        article.*, {{ json_text('parent_ids', 0) }} as collection_id,
        statistics.type as statistics_type, views, conversations, reactions, happy_reaction_percentage,
        neutral_reaction_percentage, sad_reaction_percentage
    from {{ ref('stg_intercom__articles') }} as article
    left join {{ ref('stg_intercom__article_statistics') }} as statistics on statistics.article_id = article.id
)

select
    id, collection_id, cast(null as text) as section_id, author_id, title, description, body, url, type, state,
    case when collection_id is not null then 'collection' end as parent_type, default_locale, workspace_id,
    statistics_type, views as statistics_views, conversations as statistics_conversations,
    reactions as statistics_reactions, happy_reaction_percentage as statistics_happy_reaction_percentage,
    neutral_reaction_percentage as statistics_neutral_reaction_percentage,
    sad_reaction_percentage as statistics_sad_reaction_percentage, created_at, updated_at, {{ fivetran_columns() }}
from articles
