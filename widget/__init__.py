"""The files of the web component `<rinvio-search>`; `views.widget` makes one script of them."""
