"""What `newsduck up` starts and guards: Prefect's server, its password and ports, and what is deployed on it."""
