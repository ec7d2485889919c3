"""How the site is built: what each page was made from, and how a new site takes the old one's place."""
