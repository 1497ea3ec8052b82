echo "greetings from $PLACE"
