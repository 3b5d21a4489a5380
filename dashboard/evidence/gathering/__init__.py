"""From publishers to vintages: plan, fetch, harmonise, check, diff, vintage, publish."""
