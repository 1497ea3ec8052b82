(use-modules (haunt site))

(site #:title "Harbour" #:domain "harbour.example")
