-- Members who may look into what a tenant has, beside those who run the server.
CREATE TABLE tenant_owners (
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    actor BIGINT NOT NULL REFERENCES objects (id),
    PRIMARY KEY (tenant, actor)
) /* clustered */;
CREATE INDEX tenant_owners_actor ON tenant_owners (actor);
