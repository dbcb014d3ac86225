"""The page in the browser: what it shows, in which words, and how it is served. Only here and in app.py is Gradio."""
