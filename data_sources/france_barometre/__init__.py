"""France: Baromètre des résultats de l’action publique."""
