"""What the Provisioning API says of tenants, users, privileges, keys and settings (Events §17); names in camelCase."""
