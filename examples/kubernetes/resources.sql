-- For Airbyte's database: what a sync of this connector gets, in every connection. The same as in metadata.yaml, which
-- Airbyte reads only of connectors from its registry.
UPDATE actor_definition
SET resource_requirements = '{
  "jobSpecific": [
    {"jobType": "sync", "resourceRequirements": {"memory_request": "512Mi", "memory_limit": "1Gi"}}
  ]
}'
WHERE docker_repository LIKE '%/source-intercom';
