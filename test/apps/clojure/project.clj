(defproject clojure-app "1.0.0-SNAPSHOT"
  :description "Answers every request with what it runs on"
  :dependencies [[org.clojure/clojure "1.11.1"]]
  :main app.core
  :aot [app.core])
